import logging
try:
    {}['k']
except KeyError:
    logging.exception('it failed')
