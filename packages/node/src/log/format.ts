import type { LogLevel, LogRecord } from '@bcos-ts/common'

const LEVEL_NAMES: Readonly<Record<LogLevel, string>> = {
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  warn: 'warning',
  error: 'error',
  fatal: 'fatal',
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Local time, as operators read it. */
function day(time: Date): string {
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

/**
 * One record in the form that 2.x monitoring greps (spec 04 §14.1):
 * `level|YYYY-mm-dd HH:MM:SS.ffffff|[badge][badge]message,key=value`.
 */
export function formatRecord(record: LogRecord, nowMs: number): string {
  const time = new Date(nowMs)
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
  const fraction = String(time.getMilliseconds()).padStart(3, '0')
  let line = `${LEVEL_NAMES[record.level]}|${day(time)} ${clock}.${fraction}000|`
  for (const badge of record.badges) line += `[${badge}]`
  line += singleLine(record.message)
  for (const [key, value] of Object.entries(record.fields)) {
    if (value !== undefined) line += `,${key}=${singleLine(String(value))}`
  }
  return `${line}\n`
}

/** What a peer or client sent must not be able to write records of its own. */
function singleLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ')
}

/** `log_2026112209.00.log`: the hour in which it was opened; a number behind it when the hour has several. */
export function logFileName(prefix: string, nowMs: number, part: number): string {
  const time = new Date(nowMs)
  const hour = `${day(time).replaceAll('-', '')}${two(time.getHours())}`
  return `${prefix}_${hour}.${two(part)}.log`
}
