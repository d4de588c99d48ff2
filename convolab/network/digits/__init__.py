"""From a picture of a digit, as people have them, to the image that a network was trained on."""
