import { BcosError } from '@bcos-ts/common'

/** A block that came to be committed after its group had been stopped. Nothing was written. */
export class GroupStoppedError extends BcosError<
  'LEDGER_GROUP_STOPPED',
  { readonly number: number }
> {
  override readonly name = 'GroupStoppedError'

  constructor(number: number) {
    super(
      'LEDGER_GROUP_STOPPED',
      `block ${number} is not committed: the group has been stopped; it will be synchronised after a start`,
      { details: { number } },
    )
  }
}
