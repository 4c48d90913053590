"""The Sigma rules: one YAML file each, as a SIEM would have them, over the columns of `simulator.detect.sigma_view`."""
