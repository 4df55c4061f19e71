"""Serves N requests for files of this directory, then exits; its port stands in the file `port`."""
import http.server
import os
import sys

server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
with open("port.new", "w") as file:
    file.write(str(server.server_port))
os.rename("port.new", "port")
for _ in range(int(sys.argv[1])):
    server.handle_request()
