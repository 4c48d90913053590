"""Evidence as an auditor really gets it: handed over by the source systems, with faults that are known and labelled.

The run itself is not touched and stays whole: its log is what truly happened. Beside it a delivery holds what each
system claims, one row an event (`simulator.schema.delivery.SOURCE`); which claims are wrong lies in ``OUT.truth``.
"""

from simulator.delivery.examining import examine
from simulator.delivery.making import deliver
from simulator.delivery.planning import DeliverySpec

__all__ = ["DeliverySpec", "deliver", "examine"]
