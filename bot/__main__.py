"""`python -m bot` is the command `portavoz`."""

from bot.cli import main

if __name__ == "__main__":
    main()
