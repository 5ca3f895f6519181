/** The thread of a lane on the sources of the packages, as the tests themselves run. */
import { register } from 'tsx/esm/api'

register()
const { serveLane } = await import('../src/lanes/serve-lane.ts')
await serveLane()
