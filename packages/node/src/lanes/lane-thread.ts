/** The thread of a lane, for chains without contracts of their own. */
import { serveLane } from './serve-lane.ts'

await serveLane()
