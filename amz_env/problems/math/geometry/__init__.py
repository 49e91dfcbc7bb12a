"""Geometry: measures, triangles and polygons, circles, coordinates."""

from amz_env.problems.base import FamilyTable
from amz_env.problems.math.geometry.areas import triangle_area
from amz_env.problems.math.geometry.circles import circle, sector
from amz_env.problems.math.geometry.coordinates import coordinates
from amz_env.problems.math.geometry.measures import rectangle, similar, solid
from amz_env.problems.math.geometry.polygons import polygon
from amz_env.problems.math.geometry.triangles import right_triangle, triangle_angles

__all__ = ["FAMILIES"]

FAMILIES: FamilyTable = {
    "geometry/rectangle": (rectangle, frozenset({1, 2})),
    "geometry/circle": (circle, frozenset({1, 2, 3})),
    "geometry/right-triangle": (right_triangle, frozenset({2, 3})),
    "geometry/triangle-angles": (triangle_angles, frozenset({1, 2, 3})),
    "geometry/polygon": (polygon, frozenset({2, 3, 4, 5})),
    "geometry/triangle-area": (triangle_area, frozenset({2, 3, 4, 5})),
    "geometry/similar": (similar, frozenset({2, 3, 4})),
    "geometry/solid": (solid, frozenset({2, 3, 4})),
    "geometry/coordinates": (coordinates, frozenset({1, 2, 3})),
    "geometry/sector": (sector, frozenset({3, 4, 5})),
}
