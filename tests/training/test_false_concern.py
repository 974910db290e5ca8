"""False concern by region: whose region it is, and that the rates and shifts are those of the predictions."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import false_concern
import make_regions
import numpy as np
import pytest
from conftest_rows import make_record

from stancekit.analysis._gazetteer_table import shipped
from stancekit.report.intervals import Estimate, wilson
from stancetrain.fixtures import FIXTURES
from stancetrain.regions import ORGANISATIONS, SEVERAL, UNKNOWN, actor_region, region_of, regions
