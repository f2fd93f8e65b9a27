"""What everything else stands on: errors, likelihoods, measures, neighbours, colours, devices."""
