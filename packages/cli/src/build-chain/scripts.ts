/**
 * The scripts beside the nodes, for any POSIX shell (spec 04 §13.4). Each works from any folder and after the
 * chain was moved.
 * @module
 */
import { ALLOCATOR, YOUNG_ROOM } from '../process-options.ts'

/** A word that a shell takes as it is. */
function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** `bcos-ts` in a host's folder: the one place that knows where the program is. */
export function launcherScript(command: readonly string[]): string {
  return `#!/bin/sh
# Calls bcos-ts: the program that BCOS_TS names, else the one that made this chain, else one on the PATH.
if [ -n "$BCOS_TS" ]; then
    exec "$BCOS_TS" "$@"
fi
missing=
for part in ${command.map(quote).join(' ')}; do
    case $part in
    /*) [ -f "$part" ] || missing=$part ;;
    esac
done
if [ -z "$missing" ]; then
    exec ${command.map(quote).join(' ')} "$@"
fi
if command -v bcos-ts >/dev/null 2>&1; then
    exec bcos-ts "$@"
fi
echo "bcos-ts is not found, $missing is missing: install it on this host, or name it in BCOS_TS" >&2
exit 127
`
}

/**
 * Sets name, folder and the function is_running. A process id alone proves nothing: after a restart of the machine
 * it may belong to another node, so the command line must name this one.
 */
function nodePrelude(folder: string): string {
  return `cd "$(dirname "$0")${folder}" || exit 1
folder=$(pwd -P)
name=$(basename "$folder")

is_running() {
    pid=$(cat node.pid 2>/dev/null) && kill -0 "$pid" 2>/dev/null || return 1
    if [ -r "/proc/$pid/cmdline" ]; then
        tr '\\0' ' ' <"/proc/$pid/cmdline"
    else
        ps -p "$pid" -o args=
    fi 2>/dev/null | grep -qF -- "$folder/config.ini"
}
`
}

/** What the environment of a node lacks: see `nodeEnvironment`. */
function environmentLines(): string {
  const allocator = Object.entries(ALLOCATOR).map(
    ([name, value]) => `export ${name}="\${${name}:-${value}}"`,
  )
  return [`export NODE_OPTIONS="${YOUNG_ROOM} $NODE_OPTIONS"`, ...allocator].join('\n')
}

const HALF_A_SECOND = 'sleep 0.5 2>/dev/null || sleep 1'

export function startScript(launcher: string): string {
  return `#!/bin/sh
# Starts this node in the background; does nothing when it runs already.
${nodePrelude('')}
if is_running; then
    echo " $name runs already pid=$pid"
    exit 0
fi
touch nohup.out
before=$(wc -c <nohup.out)
${environmentLines()}
nohup ${launcher} start -c "$folder/config.ini" >>nohup.out 2>&1 </dev/null &
echo $! >node.pid
tries=0
while [ $tries -lt 60 ]; do
    ${HALF_A_SECOND}
    is_running || kill -0 $! 2>/dev/null || break
    if tail -c "+$((before + 1))" nohup.out | grep -q running; then
        echo " $name start successfully pid=$pid"
        exit 0
    fi
    tries=$((tries + 1))
done
echo " $name did not start; the end of nohup.out:"
tail -n 20 nohup.out
exit 1
`
}

export function stopScript(): string {
  return `#!/bin/sh
# Stops this node and waits until it has gone.
${nodePrelude('')}
if ! is_running; then
    echo " $name does not run"
    exit 0
fi
kill "$pid"
tries=0
while is_running; do
    if [ $tries -ge 60 ]; then
        echo " $name does not stop pid=$pid"
        exit 1
    fi
    ${HALF_A_SECOND}
    tries=$((tries + 1))
done
rm -f node.pid
echo " $name stopped"
`
}

/** `start_all.sh` and `stop_all.sh`: the same script of every folder here, all at once. */
export function allScript(verb: 'start' | 'stop'): string {
  return `#!/bin/sh
# Runs ${verb}.sh of every node in this folder, all at once.
cd "$(dirname "$0")" || exit 1
ids=
for script in */${verb}.sh; do
    sh "$script" &
    ids="$ids $!"
done
code=0
for id in $ids; do
    wait "$id" || code=1
done
exit $code
`
}

/** Makes one of the files that a running node looks for (spec 04 §12.3), and waits until the node has taken it. */
function signalScript({
  remark,
  file,
  done,
  check = '',
}: {
  readonly remark: string
  readonly file: string
  readonly done: string
  readonly check?: string
}): string {
  return `#!/bin/sh
# ${remark}
${nodePrelude('/..')}
${check}if ! is_running; then
    echo " $name does not run: it will read its files when it starts"
    exit 1
fi
touch ${file}
tries=0
while [ -e ${file} ]; do
    if [ $tries -ge 20 ]; then
        rm -f ${file}
        echo " $name did not react; its log may say why"
        exit 1
    fi
    ${HALF_A_SECOND}
    tries=$((tries + 1))
done
echo " $name ${done}"
`
}

export function loadNewGroupsScript(): string {
  return signalScript({
    remark: 'Makes the running node load group.N.genesis files that are new in conf.',
    file: 'config.ini.append_group',
    done: 'is loading new groups; see its log',
  })
}

export function reloadWhitelistScript(): string {
  return signalScript({
    remark:
      'Makes the running node read certificate_whitelist and certificate_blacklist of config.ini again.',
    file: 'config.ini.reset_certificate_whitelist',
    done: 'has read the lists of nodes; see its log',
    check: `bad=$(grep -E '^ *(cal|crl)\\.' config.ini | grep -Ev '^ *(cal|crl)\\.[0-9]+ *= *[0-9A-Fa-f]{128} *$')
if [ -n "$bad" ]; then
    echo " not a node id of 128 hexadecimal digits in config.ini:"
    echo "$bad"
    exit 1
fi
`,
  })
}

export function reloadSdkAllowlistScript(): string {
  return signalScript({
    remark: 'Makes the running node read sdk_allowlist of all conf/group.N.ini files again.',
    file: 'config.ini.reset_allowlist',
    done: 'has read the allow lists of SDKs; see its log',
  })
}

export function monitorScript(): string {
  return `#!/bin/sh
# For cron, once a minute: starts the node when it has gone, and says so when a group stands still. A group that
# works moves its block number or, when it has nothing to do, its view. Needs curl to ask for them.
${nodePrelude('/..')}
alarm() {
    echo "[$(date '+%Y-%m-%d %H:%M:%S')] $name: $1"
}

if ! is_running; then
    alarm "is not running, is started"
    sh ./start.sh
    exit
fi
command -v curl >/dev/null 2>&1 || exit 0

setting() {
    sed -n "s/^ *$1 *= *//p" config.ini | head -n 1
}

case $(setting jsonrpc_listen_ip) in
'' | 0.0.0.0) host=127.0.0.1 ;;
:: | ::1) host='[::1]' ;;
*) host=$(setting jsonrpc_listen_ip) ;;
esac
url="http://$host:$(setting jsonrpc_listen_port)"

# Prints the result of a method for a group.
ask() {
    body="{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"method\\":\\"$1\\",\\"params\\":[$2]}"
    curl -s -m 10 -H 'Content-Type: application/json' -d "$body" "$url" |
        sed -n 's/.*"result" *: *"\\(0x[0-9a-f]*\\)".*/\\1/p'
}

for genesis in conf/group.*.genesis; do
    group=\${genesis#conf/group.}
    group=\${group%.genesis}
    last=scripts/.monitor.$group
    now="$(ask getBlockNumber "$group") $(ask getPbftView "$group")"
    if [ "$now" = ' ' ]; then
        alarm "group $group does not answer at $url"
    elif [ "$now" = "$(cat "$last" 2>/dev/null)" ]; then
        alarm "group $group stands still at block and view $now"
    fi
    echo "$now" >"$last"
done
`
}
