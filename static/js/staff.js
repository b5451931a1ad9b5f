/* What the working pages gain from a script; each page works without. */
