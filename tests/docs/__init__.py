"""Checks that the documentation tells the truth, and a program that writes its generated parts."""
