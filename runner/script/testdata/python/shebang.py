#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""What it does."""
print(__doc__)
raise ValueError('line 5')
