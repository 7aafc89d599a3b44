"""The unit tree and the courses the unit starts with (legacy option lists)."""

from alembic import op
from sqlalchemy import text

revision = "0003_standard_units"
down_revision = "0002_revision"

COMPANIES = ("Alpha", "Bravo", "Charlie", "Delta", "HQSCOY")
PLATOONS = ("1st Platoon", "2nd Platoon")
SPECIAL_UNITS = (
    "Colors", "Guidon Bearer", "Medics", "Military Police", "Band", "Office Personnel", "Small Unit Tactics", "Excess Officer",
)  # fmt: skip
COURSES = (
    "Bachelor of Science in Agriculture Major in Animal Science (BSA-AnSci)",
    "Bachelor of Science in Agriculture Major in Agronomy (BSA-Agro)",
    "Bachelor of Science in Agriculture Major in Agroforestry (BSA-AgFor)",
    "Bachelor of Science in Agriculture Major in Extension Education (BSA-ExEd)",
    "Bachelor of Secondary Education Major in Mathematics (BSEd-Math)",
    "Bachelor of Secondary Education Major in Filipino (BSEd-Fil)",
    "Bachelor of Secondary Education Major in English (BSEd-Eng)",
    "Bachelor of Elementary Education (BEEd)",
    "Bachelor of Science in Criminology (BSCrim)",
    "Bachelor of Science in Information Technology (BSIT)",
    "Bachelor of Science in Computer Science (BSCS)",
)
INSERT_UNIT = text(
    "INSERT INTO roster.unit (kind, name, parent_id, sequence) VALUES (:kind, :name, :parent_id, :sequence) RETURNING id"
)


def upgrade() -> None:
    """Insert one battalion with its companies, their platoons and its special units, and the courses."""
    connection = op.get_bind()

    def unit(kind: str, name: str, parent_id: int | None, sequence: int) -> int:
        values = {"kind": kind, "name": name, "parent_id": parent_id, "sequence": sequence}
        return connection.execute(INSERT_UNIT, values).scalar_one()

    battalion = unit("battalion", "MSU-SND ROTC Battalion", None, 1)
    for sequence, name in enumerate(COMPANIES, 1):
        company = unit("company", name, battalion, sequence)
        for number, platoon in enumerate(PLATOONS, 1):
            unit("platoon", platoon, company, number)
    for sequence, name in enumerate(SPECIAL_UNITS, len(COMPANIES) + 1):
        unit("special", name, battalion, sequence)
    connection.execute(text("INSERT INTO roster.course (name) VALUES (:name)"), [{"name": name} for name in COURSES])


def downgrade() -> None:
    """Remove the units and courses that nobody uses."""
    op.execute("DELETE FROM roster.unit u WHERE NOT EXISTS (SELECT 1 FROM roster.cadet c WHERE c.unit_id = u.id)")
    op.execute("DELETE FROM roster.course")
