from simulator.access import AccessRequest as AccessRequest
from simulator.access import Gate as Gate
from simulator.access import Outcome as Outcome
from simulator.access import Policy as Policy
from simulator.dataset import Dataset as Dataset
from simulator.errors import SimulatorError as SimulatorError
from simulator.face import World as World
from simulator.face import cached as cached
from simulator.face import generate as generate
from simulator.face import people as people
from simulator.face import score as score
from simulator.face import table as table
from simulator.labels import AnswerKey as AnswerKey
from simulator.live.answer import Answer as Answer
from simulator.live.desk import Live as Live
from simulator.live.desk import Request as Request
from simulator.population import Population as Population
from simulator.scenario import Scenario as Scenario
from simulator.scoring import Scorecard as Scorecard

__version__: str
