class Stop(Exception):
    pass


raise Stop('here', 2)
