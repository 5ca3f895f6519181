/**
 * What makes a table's definition acceptable. TableFactory and KVTableFactory ask the same questions in the same
 * order (spec 03 §3.2, §3.11) and answer in words of their own.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { userTable } from '@bcos-ts/protocol'
import type { TableDefinition } from '@bcos-ts/protocol/ports'
import { refuse } from '../framework/refusal.ts'
import { trim } from '../text.ts'
import { FIELD_NAME_BYTES_MAX, FIELD_NAMES_BYTES_MAX, TABLE_NAME_BYTES_MAX } from './limits.ts'

/** The words of a refusal. They go into receipts: never change one. */
export interface DefinitionTexts {
  readonly tableName: (name: ByteText) => ByteText
  /** An empty field name, or one that begins with an underscore. */
  readonly fieldStart: (name: ByteText) => ByteText
  readonly fieldCharacters: (name: ByteText) => ByteText
  readonly duplicate: (name: ByteText) => ByteText
}

export interface DefinitionRequest {
  /** Without the prefix of user tables. May be empty. */
  readonly name: ByteText
  readonly keyField: ByteText
  /** Separated by commas; blanks around a name do not count. */
  readonly valueFields: ByteText
}

const NAME = /^[A-Za-z0-9$_@]*$/

/** The definition as the catalogue keeps it. Refuses the call for one that is not acceptable. */
export function acceptDefinition(
  request: DefinitionRequest,
  texts: DefinitionTexts,
): TableDefinition {
  const keyField = trim(request.keyField)
  const valueFields = request.valueFields.split(',').map(trim)
  for (const field of [keyField, ...valueFields]) {
    if (field.length > FIELD_NAME_BYTES_MAX) {
      refuse(`table field name length overflow ${FIELD_NAME_BYTES_MAX}`)
    }
  }
  if (!NAME.test(request.name)) refuse(texts.tableName(request.name))
  checkFields([keyField, ...valueFields], texts)
  const joined = valueFields.join(',')
  if (joined.length > FIELD_NAMES_BYTES_MAX) {
    refuse(`total table field name length overflow ${FIELD_NAMES_BYTES_MAX}`)
  }
  const name = userTable(request.name)
  if (name.length > TABLE_NAME_BYTES_MAX) {
    refuse(`tableName length overflow ${TABLE_NAME_BYTES_MAX}`)
  }
  return { name, keyField, valueFields: joined }
}

function checkFields(fields: readonly ByteText[], texts: DefinitionTexts): void {
  const seen = new Set<ByteText>()
  for (const field of fields) {
    if (seen.has(field)) refuse(texts.duplicate(field))
    seen.add(field)
    if (field === '' || field.startsWith('_')) refuse(texts.fieldStart(field))
    if (!NAME.test(field)) refuse(texts.fieldCharacters(field))
  }
}
