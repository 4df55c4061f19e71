//! Structs of sockets; messages, addresses and option values are decoded by the interpreter.
