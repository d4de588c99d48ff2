"""How does a photographed digit become an image like those that a network was trained on?"""
