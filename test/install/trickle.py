"""Asks for a page so many times a second, like visitors who know nothing of each other, until its standard input ends.

Arguments: host name, path, requests a second, `follow` when a redirect may lead to the page, and `maintenance` when HTTP 503
with Retry-After is no failure. Prints one line of JSON.
"""
import http.client, json, ssl, sys, threading, time, urllib.parse

name, path, rate, follow = sys.argv[1], sys.argv[2], float(sys.argv[3]), 'follow' in sys.argv[4:]
context = ssl.create_default_context()
maintenance = 'maintenance' in sys.argv[4:]
answers, lock, over = [], threading.Lock(), threading.Event()


def page(name, path):
    connection = http.client.HTTPSConnection(name, timeout=60, context=context)
    connection.request('GET', path, headers={'Connection': 'close'})
    answer = connection.getresponse()
    answer.read()
    return answer


def ask():
    began = time.monotonic()
    try:
        answer = page(name, path)
        if follow and answer.status == 301:
            target = urllib.parse.urlsplit(answer.getheader('Location'))
            answer = page(target.hostname, target.path)
        told = maintenance and answer.status == 503 and answer.getheader('Retry-After') is not None
        wrong = None if told or answer.status == 200 else 'HTTP %d' % answer.status
    except Exception as error:
        told, wrong = False, '%s: %s' % (type(error).__name__, error)
    with lock:
        answers.append((began, time.monotonic(), wrong, told))


def wait():
    sys.stdin.read()
    over.set()


threading.Thread(target=wait, daemon=True).start()
begin, asked, threads = time.monotonic(), 0, []
print('asking', flush=True)
while not over.is_set():
    threads.append(threading.Thread(target=ask))
    threads[-1].start()
    asked += 1
    time.sleep(max(0, begin + asked / rate - time.monotonic()))
for thread in threads:
    thread.join()
good = sorted(ended for _, ended, wrong, told in answers if wrong is None and not told)
times = [begin] + good + [max(ended for _, ended, _, _ in answers)]
print(json.dumps({
    'asked': len(answers),
    'failed': ['%.1f s: %s' % (began - begin, wrong) for began, _, wrong, _ in sorted(answers, key=lambda each: each[0]) if wrong],
    'maintenance': sum(told for _, _, _, told in answers),
    'slowestMs': round(1000 * max(ended - began for began, ended, _, _ in answers)),
    'longestGapMs': round(1000 * max(b - a for a, b in zip(times, times[1:]))),
}))
