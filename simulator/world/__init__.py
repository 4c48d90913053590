"""Facts about Japan: calendar, municipalities, names, ages, households and the rules of numbers."""
