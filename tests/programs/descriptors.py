# Opens every kind of socket and special descriptor, and uses each once it has its addresses.
import socket,os,threading,select,signal
s=socket.socket(); s.bind(("127.0.0.1",0)); s.listen(1)
c=socket.socket(); c.connect(s.getsockname()); a,_=s.accept()
c.send(b"x"); a.recv(10)
u=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); u.bind(("127.0.0.1",0)); u.sendto(b"q",u.getsockname()); u.recv(1)
u.connect(("127.0.0.1",9)); u.send(b"q")
s6=socket.socket(socket.AF_INET6); s6.bind(("::1",0)); s6.listen(1)
c6=socket.socket(socket.AF_INET6); c6.connect(s6.getsockname()); c6.send(b"z"); 
p=socket.socketpair(); p[0].send(b"1"); 
d=socket.socketpair(socket.AF_UNIX,socket.SOCK_DGRAM); d[0].send(b"1")
q=socket.socketpair(socket.AF_UNIX,socket.SOCK_SEQPACKET); q[0].send(b"1")
n=socket.socket(socket.AF_UNIX); 
try: os.unlink("yysock")
except OSError: pass
n.bind("yysock"); n.listen(1); m=socket.socket(socket.AF_UNIX); m.connect("yysock"); m.send(b"2"); o,_=n.accept(); o.recv(1)
ab=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM); ab.bind(b"\0abs\1x"); ab.getsockname()
nl=socket.socket(socket.AF_NETLINK,socket.SOCK_RAW,0); nl.bind((0,0)); nl.getsockname()
r=socket.socket(socket.AF_INET,socket.SOCK_RAW,1); r.getsockname()
f=os.open("/dev/null",os.O_RDONLY); os.read(f,1); z=os.open("/dev/zero",os.O_RDONLY); os.read(z,1)

pf=os.pidfd_open(os.getpid()); signal.pidfd_send_signal(pf,0)
ep=select.epoll(); ep.register(pf); ep.poll(0)
mf=os.memfd_create("mem"); os.write(mf,b"1")
w=os.pipe(); os.write(w[1],b"1")
t=socket.socket(); t.getsockname()
un=socket.socket(socket.AF_UNIX); un.getsockname()
# What a kernel may lack.
def perhaps(family,kind,protocol):
    try: return socket.socket(family,kind,protocol)
    except OSError: return None
for family,host in ((socket.AF_INET,"127.0.0.1"),(socket.AF_INET6,"::1")):
    lite=perhaps(family,socket.SOCK_DGRAM,136)
    if lite: lite.bind((host,0)); lite.getsockname()
    many=perhaps(family,socket.SOCK_STREAM,262)
    if many:
        many.bind((host,0)); many.getsockname(); many.listen(1)
        one=perhaps(family,socket.SOCK_STREAM,262); one.getsockname(); one.connect(many.getsockname()); two,_=many.accept()
        two.send(b"1"); one.recv(1); one.getsockname()
packets=perhaps(socket.AF_PACKET,socket.SOCK_RAW,socket.htons(3))
if packets: packets.getsockname(); packets.bind(("lo",0)); packets.getsockname()
for kind in (4,9,15,16):
    link=perhaps(socket.AF_NETLINK,socket.SOCK_RAW,kind)
    if link: link.bind((0,0)); link.getsockname()
alone=socket.socketpair(); alone[1].close(); alone[0].getsockname()
hidden=socket.socket(socket.AF_UNIX); hidden.bind(b"\0yy\1abc"); hidden.listen(1)
caller=socket.socket(socket.AF_UNIX); caller.connect(hidden.getsockname()); caller.send(b"1"); caller.getpeername()
