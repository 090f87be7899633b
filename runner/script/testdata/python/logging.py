import logging
logging.basicConfig(level=logging.INFO, format='%(levelname)s %(module)s:%(lineno)d %(message)s')
logging.info('hello')
logging.warning('careful')
