"""Tables under a contract: found from the whole file, said in one line, changeable, and kept with what learns from it.

``source`` gives a file's bytes, ``dialect`` says how they are written, ``frame`` and ``delimiter`` find it, ``numbers``
reads cells as numbers, ``file`` reads the rows, ``roles`` says what each column is for, and ``contract`` holds it all.
"""
