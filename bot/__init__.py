"""The running bot: what it knows, decides, stores and sends."""

__version__ = "0.1.0"
