"""What is proved to somebody who does not trust this program: signed notes, checkpoints, cosignatures, proofs, as text others can read."""
