NAME = 'production'
