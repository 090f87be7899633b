import logging
logging.getLogger('x').warning('last resort')
logging.getLogger('x').info('not shown')
