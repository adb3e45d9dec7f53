"""Where sound comes from: files, standard input and microphones."""
