"""Makes one recording sound like many: speakers, microphones, rooms, noises and levels.

Everything works on batches, on the device of the batch, and draws from one generator, so that a
seed gives the same sound again.
"""
