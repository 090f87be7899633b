# What every Python script of a step gets: the variables of its project, its arguments, and Octopus's helpers. For
# Python 3.8 and later. Python imports it as sitecustomize before it runs the script, so that the script itself runs as by
# python3 FILE: its module, frames, exit and child processes are what they are without Stepdeck. The helpers are
# builtins, which every module of the script sees. Nothing is imported here that Python has not loaded already.

import builtins
import os
import sys

VALUES = '@values@'  # the file of values, or those themselves in a process that multiprocessing spawns
FAILED = '@failed@'  # the file that records why the step failed
PROCESS = os.getpid()


class Variables(dict):
    """The values of the project's variables by their names, in any case."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self._names = {self._fold(name): name for name in self}

    @staticmethod
    def _fold(name):
        return name.strip().casefold() if isinstance(name, str) else name

    def __missing__(self, name):
        known = self._names.get(self._fold(name))
        if known is not None and dict.__contains__(self, known):
            return dict.__getitem__(self, known)
        hide_own_frames()
        raise KeyError(name)

    def __contains__(self, name):
        return dict.__contains__(self, name) or dict.__contains__(self, self._names.get(self._fold(name)))

    def __setitem__(self, name, value):
        name = self._names.setdefault(self._fold(name), name)
        dict.__setitem__(self, name, value)

    def __delitem__(self, name):
        dict.__delitem__(self, self._names.pop(self._fold(name), name))

    def __reduce__(self):  # a copy, also in another process, is an ordinary dictionary
        return dict, (list(self.items()),)

    def get(self, name, default=None):
        return self[name] if name in self else default


def is_own(frame):
    return frame.f_code.co_filename == __file__


def hide_own_frames():
    """Has Python show an error that a helper raises without the frames of this file, in threads too."""
    sys.excepthook = without_own_frames(sys.excepthook)
    threading = sys.modules.get('threading')
    if threading is not None:
        threading.excepthook = without_own_frames_in_threads(threading.excepthook)


def without_own_frames(hook):
    """Returns an exception hook that does not show the frames of this file."""
    def shorter(kind, error, trace):
        shorten(error)
        hook(kind, error, error.__traceback__)

    code = getattr(hook, '__code__', None)
    return hook if code is shorter.__code__ else shorter


def without_own_frames_in_threads(hook):
    """Returns such a hook of threading. What ends the step has said why, and is not shown, as SystemExit is not."""
    def shorter(args):
        if getattr(args.exc_type, 'ends_step', False):
            return
        if args.exc_value is not None:
            shorten(args.exc_value)
            args = type(args)((args.exc_type, args.exc_value, args.exc_value.__traceback__, args.thread))
        hook(args)

    code = getattr(hook, '__code__', None)
    return hook if code is shorter.__code__ else shorter


def shorten(error):
    """Takes the frames of this file out of an error and of those that led to it."""
    while error is not None:
        error.__traceback__ = shortened(error.__traceback__)
        error = error.__cause__ or error.__context__


def shortened(trace):
    if trace is None:
        return None
    rest = shortened(trace.tb_next)
    return rest if is_own(trace.tb_frame) else type(trace)(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


def text_of(value):
    """Returns a value as text; None is empty."""
    if value is None:
        return ''
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode('utf-8', 'surrogateescape')
    return str(value)


def bytes_of(text):
    try:
        return text.encode('utf-8', 'surrogateescape')
    except UnicodeEncodeError:  # half a character
        return text.encode('utf-8', 'backslashreplace')


def encode(value):
    import binascii
    return binascii.b2a_base64(bytes_of(text_of(value)), newline=False).decode('ascii')


def decode(value):
    import binascii
    return binascii.a2b_base64(value).decode('utf-8', 'surrogateescape')


def new_lock():
    import _thread
    global lock
    lock = _thread.RLock()  # a handler of a signal may call a helper within one


lock = None
new_lock()


def write(descriptor, text):
    """Writes whole lines behind what the script has printed so far, whatever it has made of sys.stdout since."""
    for stream in (sys.stdout, sys.__stdout__) if descriptor == 1 else (sys.stderr, sys.__stderr__):
        try:
            stream.flush()
        except Exception:  # closed, replaced by something else, or none
            pass
    data = memoryview(bytes_of(text))
    with lock:
        try:
            while data:
                data = data[os.write(descriptor, data):]
        except OSError:  # the script has closed it
            pass


def send(kind, **values):
    """Sends Stepdeck a message."""
    pairs = ''.join(" %s='%s'" % (key, encode(value)) for key, value in values.items())
    write(1, '##octopus[%s%s]\n' % (kind, pairs))


def leveled(level):
    def show(message='', *more):
        lines = ' '.join(text_of(part) for part in (message,) + more)
        write(1, '##octopus[stdout-%s]\n%s\n##octopus[stdout-default]\n' % (level, lines))
    return show


printverbose, printwarning = leveled('verbose'), leveled('warning')


def get_octopusvariable(name):
    """Returns the value of a variable. One that does not exist is a KeyError, as in Octopus."""
    return variables[name]


def set_octopusvariable(name, value, sensitive=False):
    """Sets an output variable of this step."""
    name, value = text_of(name), text_of(value)
    if not name.strip():
        hide_own_frames()
        raise ValueError('set_octopusvariable: the output variable has no name')
    variables[name] = value
    hidden = {'sensitive': 'True'} if sensitive and text_of(sensitive).lower() != 'false' else {}
    send('setVariable', name=name, value=value, **hidden)


def kind_of(mode):
    """Returns what a file is, by its mode."""
    import stat
    kinds = {stat.S_IFREG: 'a file', stat.S_IFDIR: 'a folder', stat.S_IFIFO: 'a pipe', stat.S_IFSOCK: 'a socket'}
    return kinds.get(stat.S_IFMT(mode), 'a device')


def createartifact(path, fileName=None):
    """Keeps a file with the run when the step has ended."""
    path = os.path.abspath(os.fspath(path))
    length = 0
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        printverbose('There is no file %s now. It is kept if it is there when the step ends.' % path)
    else:
        kind = kind_of(found.st_mode)
        if kind == 'a file':
            length = found.st_size
        else:
            printverbose('%s is %s, and only files are kept. %s into a file, and keep that.' % (
                path, kind, 'Pack it' if kind == 'a folder' else 'Write what comes from it'))
    send('createArtifact', path=path, name=fileName or os.path.basename(path), length=length)


def updateprogress(progress, message=''):
    """Shows how far the step is, in percent."""
    send('progress', percentage=progress, message=message)


def step_failed():
    """Returns what ends the script as sys.exit does, and even a script that catches it, once that has let go of it."""
    class StepFailed(SystemExit):
        ends_step = True

        def __del__(self):
            if os.getpid() == PROCESS and not sys.is_finalizing():
                leave()

    return StepFailed(1)


def leave():
    """Ends Python as the end of the script does, from wherever the script is."""
    threading = sys.modules.get('threading')
    if threading is not None and threading.current_thread() is threading.main_thread():
        threading._shutdown()
    atexit = sys.modules.get('atexit')
    if atexit is not None:
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # closed, replaced by something else, or none
            pass
    os._exit(1)


def failstep(message=None):
    """Ends the step at once as failed. Its record shows the message."""
    reason = text_of(message)
    try:
        with open(FAILED, 'wb') as file:
            file.write(bytes_of(reason))
    except OSError:  # then the exit code alone says so
        pass
    if reason:
        send('resultMessage', message=reason)
        write(2, reason + '\n')
    hide_own_frames()
    raise step_failed()


def place(frame):
    """Returns the file and line of a frame, for a sentence."""
    return '%s, line %d' % (os.path.basename(frame.f_code.co_filename), frame.f_lineno)


def without_counterpart(name):
    """Returns a helper that only an Octopus server can carry out."""
    def warn(*values, **named):
        printwarning('The script calls %s (%s), which is for an Octopus server and has no counterpart in '
                     'Stepdeck. Nothing was done.' % (name, place(sys._getframe(1))))
    return warn


class Missing:
    """A name like those of the helpers that does not exist. The script relies on it, so its use must end the step."""

    def __init__(self, name):
        self._name = name

    def __call__(self, *values, **named):
        failstep('The script uses %s (%s), but Stepdeck has no helper of that name. The helpers that it has are listed '
                 'in docs/scripts.md.' % (self._name, place(sys._getframe(1))))

    __getitem__ = __call__


def execute_with_retry(function, max_failures=3, sleep=1):
    """Calls a function until it succeeds, max_failures times at most, and returns its result."""
    for attempt in range(1, int(max_failures) + 1):
        try:
            return function()
        except Exception as error:
            if attempt >= int(max_failures):
                raise
            printwarning('Attempt %d of %d failed: %s' % (attempt, max_failures, error))
            import time
            time.sleep(sleep)


def add_helpers(missing):
    """Makes the helpers builtins, under Octopus's names and those that Bash scripts have for them."""
    names = {
        'octopusvariables': variables, 'get_octopusvariable': get_octopusvariable, 'set_octopusvariable': set_octopusvariable,
        'execute_with_retry': execute_with_retry, 'encode_servicemessagevalue': encode, 'decode_servicemessagevalue': decode,
    }
    names.update(dict.fromkeys(('createartifact', 'create_artifact', 'new_octopusartifact'), createartifact))
    names.update(dict.fromkeys(('updateprogress', 'update_progress'), updateprogress))
    names.update(dict.fromkeys(('failstep', 'fail_step'), failstep))
    for level in ('verbose', 'highlight', 'wait', 'warning', 'debug'):
        show = leveled('verbose' if level == 'debug' else level)
        names.update(dict.fromkeys((name + level for name in ('print', 'print_', 'write_')), show))
    for name in ('set_environmentstate', 'set_environmenturl', 'new_octopustarget', 'remove_octopustarget',
                 'report_kubernetes_manifest', 'report_kubernetes_manifest_file'):
        names[name] = without_counterpart(name)
    for name in missing:
        names.setdefault(name, Missing(name))
    vars(builtins).update(names)


class Spawned:
    """Gives the helpers to a process that multiprocessing spawns, when that process reads it."""

    def __reduce__(self):
        with open(__file__, encoding='ascii') as file:
            source = file.read()
        lines = ['v %s %s' % (to_hex(name), to_hex(text_of(value))) for name, value in variables.items()]
        lines += ['m ' + to_hex(name) for name, value in vars(builtins).items() if isinstance(value, Missing)]
        return exec, (source.replace(repr(VALUES), repr('\n'.join(lines)), 1), {'__name__': 'stepdeck', '__file__': __file__})


class SpawnFinder:
    """Changes multiprocessing when the script imports it, so that processes it spawns get the helpers."""

    def find_spec(self, name, path=None, target=None):
        if name != 'multiprocessing.spawn':
            return None
        sys.meta_path.remove(self)
        from importlib.machinery import PathFinder
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def exec_module(module):
                load(module)
                prepare = module.get_preparation_data

                def get_preparation_data(name):
                    data = {'stepdeck': Spawned()}
                    data.update(prepare(name))
                    return data

                module.get_preparation_data = get_preparation_data

            spec.loader.exec_module = exec_module
        return spec


def to_hex(text):
    return bytes_of(text).hex() or '-'


def from_hex(field):
    return '' if field == b'-' else bytes.fromhex(field.decode('ascii')).decode('utf-8', 'surrogateescape')


def read_values(lines):
    """Returns what the lines say, by its kind. Names and values are in hexadecimal, so that no character is special."""
    found = {b'v': [], b'a': [], b'm': [], b'p': []}
    for line in lines:
        kind, *fields = line.split()
        texts = [from_hex(field) for field in fields]
        found[kind].append(tuple(texts) if kind == b'v' else texts[0])
    return found


def take_values():
    """Takes the values out of their file, which is gone afterwards."""
    with open(VALUES, 'rb') as file:
        lines = file.read().splitlines()
    os.remove(VALUES)
    return read_values(lines)


def set_streams():
    """Has lines appear when they are printed, as on a terminal, and in UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream.encoding.lower() in ('utf-8', 'utf8'):
                stream.reconfigure(line_buffering=True)
            else:
                stream.reconfigure(encoding='utf-8', errors=stream.errors, line_buffering=True)
        except AttributeError:  # there is none
            pass


def hide(module_path):
    """Leaves nothing of this file's import but what it has done."""
    folder = os.path.dirname(__file__)
    sys.path.remove(folder)
    sys.path_importer_cache.pop(folder, None)
    if module_path:
        os.environ['PYTHONPATH'] = module_path[0]
    else:
        os.environ.pop('PYTHONPATH', None)
    try:
        os.remove(__spec__.cached)
        os.rmdir(os.path.dirname(__spec__.cached))
    except (OSError, TypeError):
        pass


def begin():
    global variables
    given = take_values()
    variables = Variables(given[b'v'])
    set_streams()
    sys.argv[1:] = given[b'a']
    if hasattr(sys, 'orig_argv'):
        sys.orig_argv += given[b'a']
    add_helpers(given[b'm'])
    hide(given[b'p'])
    sys.meta_path.insert(0, SpawnFinder())
    if hasattr(os, 'register_at_fork'):
        os.register_at_fork(after_in_child=new_lock)


def give_way():
    """Loads the sitecustomize that this system has itself. If it has none, there shall be none either."""
    del sys.modules['sitecustomize']
    try:
        import sitecustomize
    except ImportError as error:
        if error.name != 'sitecustomize':
            raise
        raise ImportError('none', name='sitecustomize') from None


if __name__ == 'stepdeck':  # in a spawned process
    variables = None
    given = read_values(VALUES.encode('ascii').splitlines())
    variables = Variables(given[b'v'])
    add_helpers(given[b'm'])
    set_streams()
else:
    try:
        begin()
    except BaseException as error:
        os.write(2, bytes_of('Stepdeck can\'t hand the values over to Python: %r\n' % error))
        os._exit(1)
    give_way()
