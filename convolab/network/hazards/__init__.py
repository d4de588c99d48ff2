"""How well does a network read photographed digits? Scenes are drawn by a program, and the network reads each one."""
