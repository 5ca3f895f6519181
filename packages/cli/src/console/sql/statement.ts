/** What SQL says, for tables of a chain: one key field that is not unique, text in every field. */
export type Statement =
  | {
      readonly kind: 'create'
      readonly table: string
      readonly keyField: string
      readonly valueFields: readonly string[]
    }
  | { readonly kind: 'desc'; readonly table: string }
  | {
      readonly kind: 'insert'
      readonly table: string
      /** Missing when the values are those of all fields, in the order of the table. */
      readonly fields: readonly string[] | undefined
      readonly values: readonly string[]
    }
  | ({
      readonly kind: 'select'
      /** Missing for `*`. */
      readonly fields: readonly string[] | undefined
    } & Selection)
  | ({ readonly kind: 'update'; readonly assignments: readonly Assignment[] } & Selection)
  | ({ readonly kind: 'delete' } & Selection)

/** Which rows of a table. */
export interface Selection {
  readonly table: string
  readonly conditions: readonly Condition[]
  readonly limit: Limit | undefined
}

export interface Assignment {
  readonly field: string
  readonly value: string
}

/** As the tables of a chain name their comparisons. */
export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'

export interface Condition {
  readonly field: string
  readonly comparison: Comparison
  readonly value: string
}

export interface Limit {
  readonly offset: number
  readonly count: number
}
