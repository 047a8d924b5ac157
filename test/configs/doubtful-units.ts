/** Units of the checkout that would give www-data more than it has. */

/** As the document has them. */
export const PLAIN = '[Service]\nUser=www-data\nGroup=www-data\nExecStart=/usr/bin/uwsgi\n';

type Case = readonly [title: string, doubt: string, source: string];

export const DOUBTFUL_SERVICES: readonly Case[] = [
  ['another account', 'User=root', PLAIN.replace('User=www-data', 'User=root')],
  ['a key that every object of JavaScript has', 'constructor=1', `${PLAIN}constructor=1\n`],
  ['a section of that kind', 'name=1', `${PLAIN}[constructor]\nname=1\n`],
  ['a number', 'User=0', PLAIN.replace('User=www-data', 'User=0')],
  ['a later account', 'User=root', `${PLAIN}User=root\n`],
  ['an account taken back', 'User=', `${PLAIN}User=\n`],
  ['no account', 'no User=, so it would run as root', PLAIN.replace('User=www-data\n', '')],
  [
    'an account in another section',
    'no User=, so it would run as root',
    `[Unit]\nUser=www-data\n${PLAIN.replace('User=www-data\n', '')}`,
  ],
  ['a group', 'Group=docker', PLAIN.replace('Group=www-data', 'Group=docker')],
  ['further groups', 'SupplementaryGroups=shadow', `${PLAIN}SupplementaryGroups=shadow\n`],
  [
    'a command with root rights',
    'ExecStartPre=+/usr/bin/touch /root/x',
    `${PLAIN}ExecStartPre=+/usr/bin/touch /root/x\n`,
  ],
  ['one with some of them', 'ExecStart=!/usr/bin/id', PLAIN.replace('/usr/bin/uwsgi', '!/usr/bin/id')],
  ['one behind another prefix', 'ExecStartPost=-+/usr/bin/id', `${PLAIN}ExecStartPost=-+/usr/bin/id\n`],
  ['one in quotes', 'ExecStop="+/usr/bin/id"', `${PLAIN}ExecStop="+/usr/bin/id"\n`],
  ['a program elsewhere', 'ExecStart=/var/www/evil', PLAIN.replace('/usr/bin/uwsgi', '/var/www/evil')],
  [
    'a program above',
    'ExecStart=/usr/bin/../../var/www/evil',
    PLAIN.replace('/usr/bin/uwsgi', '/usr/bin/../../var/www/evil'),
  ],
  [
    "root's commands for all",
    'PermissionsStartOnly=true',
    `${PLAIN}PermissionsStartOnly=true\nExecStartPre=/usr/bin/id\n`,
  ],
  [
    'a file that root writes',
    'StandardOutput=append:/etc/cron.d/x',
    `${PLAIN}StandardOutput=append:/etc/cron.d/x\n`,
  ],
  ['a file that root reads', 'EnvironmentFile=-/etc/shadow', `${PLAIN}EnvironmentFile=-/etc/shadow\n`],
  ['a secret of root', 'LoadCredential=x:/etc/shadow', `${PLAIN}LoadCredential=x:/etc/shadow\n`],
  ['a folder that is handed over', 'StateDirectory=dpkg', `${PLAIN}StateDirectory=dpkg\n`],
  ['another root', 'RootDirectory=/var/www', `${PLAIN}RootDirectory=/var/www\n`],
  ['capabilities', 'AmbientCapabilities=CAP_SYS_ADMIN', `${PLAIN}AmbientCapabilities=CAP_SYS_ADMIN\n`],
  ['a nice value', 'Nice=-20', `${PLAIN}Nice=-20\n`],
  ['another name', 'Alias=ssh.service', `${PLAIN}[Install]\nAlias=ssh.service\n`],
  ['an early target', 'WantedBy=sysinit.target', `${PLAIN}[Install]\nWantedBy=sysinit.target\n`],
  ['a unit that it starts', 'Wants=reboot.target', `[Unit]\nWants=reboot.target\n${PLAIN}`],
  ['a unit that it ends', 'Conflicts=ssh.service', `[Unit]\nConflicts=ssh.service\n${PLAIN}`],
  ['an end of the host', 'FailureAction=poweroff-force', `[Unit]\nFailureAction=poweroff-force\n${PLAIN}`],
  ['a unit on failure', 'OnFailure=debug-shell.service', `[Unit]\nOnFailure=debug-shell.service\n${PLAIN}`],
  [
    'a line in a line',
    'a line that systemd may read in another way than it looks',
    `${PLAIN}SyslogIdentifier=x\rUser=root\n`,
  ],
  [
    'a line behind a NUL',
    'a line that systemd may read in another way than it looks',
    `${PLAIN}SyslogIdentifier=x\0User=root\n`,
  ],
  [
    'two commands in one',
    'ExecStart=/usr/bin/true ; +/usr/bin/id',
    PLAIN.replace('/usr/bin/uwsgi', '/usr/bin/true ; +/usr/bin/id'),
  ],
  [
    'a section that only looks like one',
    'a line that systemd may read in another way than it looks',
    '[Service]\nExecStart=/usr/bin/uwsgi\n[Other]\n\u00a0[Service]\nUser=www-data\n',
  ],
  [
    'a blank that is none',
    'a line that systemd may read in another way than it looks',
    PLAIN.replace('User=www-data', 'User=www-data\u00a0'),
  ],
  ['an order mark', 'a line that systemd may read in another way than it looks', `\ufeff${PLAIN}`],
  [
    'a comment that goes on',
    'a line that systemd may read in another way than it looks',
    `${PLAIN}# x \\\nUser=root\n`,
  ],
];

export const DOUBTFUL_UNITS_OF_ROOT: readonly Case[] = [
  [
    'more commands',
    'ExecStart=/usr/bin/touch /root/x',
    '[Service]\nExecStart=/bin/systemctl restart studio-background.service\nExecStart=/usr/bin/touch /root/x\n',
  ],
  [
    'a word more',
    'ExecStart=/bin/systemctl restart studio-background.service ssh.service',
    '[Service]\nExecStart=/bin/systemctl restart studio-background.service ssh.service\n',
  ],
  [
    'a command before',
    'ExecStartPre=/usr/bin/id',
    '[Service]\nExecStartPre=/usr/bin/id\nExecStart=/bin/systemctl restart studio-background.service\n',
  ],
  [
    'a library before',
    'Environment=LD_PRELOAD=/var/www/evil.so',
    '[Service]\nEnvironment=LD_PRELOAD=/var/www/evil.so\nExecStart=/bin/systemctl restart studio-background.service\n',
  ],
];

/** By the unit's name. */
export const DOUBTFUL_UNITS: readonly Case[] = [
  ['studio-stats.timer', 'Unit=reboot.target', '[Timer]\nOnCalendar=daily\nUnit=reboot.target\n'],
  ['x.socket', 'a socket unit', '[Socket]\nListenStream=/run/x\n'],
  ['x.path', 'Unit=debug-shell.service', '[Path]\nPathExists=/var/www/x\nUnit=debug-shell.service\n'],
  ['x.timer', 'ExecStart=/usr/bin/id', '[Timer]\nOnCalendar=daily\n[Service]\nExecStart=/usr/bin/id\n'],
];
