"""The socket: who may come in, what they may send, and whom they are told of."""
