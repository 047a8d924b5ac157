# Stands before `manage(arguments)`, which does what manage.py does when it is started.
import os, runpy, sys
def manage(arguments):
    # Byte code of the site's own modules is kept, which those who only ask do not do.
    sys.dont_write_bytecode = False
    sys.argv = [os.path.join(os.getcwd(), 'manage.py'), *arguments]
    runpy.run_path(sys.argv[0], run_name='__main__')
