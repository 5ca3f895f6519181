/** Characters that steer a terminal instead of being shown. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

/** Text from elsewhere, safe to write to a terminal: control characters are spelt out, lines and tabs stay. */
export function visible(text: string): string {
  return text.replaceAll(
    CONTROL,
    (char) => `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
  )
}
