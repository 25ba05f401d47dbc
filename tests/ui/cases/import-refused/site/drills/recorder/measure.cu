// how it is timed
