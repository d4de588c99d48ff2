"""The sheet's second exercise: functions that find edges with the Sobel filters, judged, and what is wrong named."""
