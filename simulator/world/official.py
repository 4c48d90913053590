"""Official figures that the people are held beside, besides the pyramid (`ages`) and the surnames (`surnames`)."""

# Private households by number of members, 6 and more last. Source: domain.md 6.1 (census 2020).
HOUSEHOLD_SIZES = (0.381, 0.281, 0.166, 0.119, 0.038, 0.016)
# Per 1,000 residents and year. Source: domain.md 6.1 (register of 2023: births 6.0, deaths 12.6, moves in 38.7, out
# 39.0; marriages 3.9 couples, divorces 1.52).
YEARLY = {"出生": 6.0, "死亡": 12.6, "転入": 38.7, "転出": 39.0}
