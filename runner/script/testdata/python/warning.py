import warnings
warnings.warn('careful')
warnings.warn('old', DeprecationWarning)
warnings.warn('from caller', stacklevel=2)
