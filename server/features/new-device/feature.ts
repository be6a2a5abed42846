import { feature } from '../../platform/manifest/feature.ts'
import type { SubmitNeeds } from '../messages/accept/submit.ts'
import { handleNewDevices } from './tell-device.ts'

/** Messages to members about sign-ins in browsers that are new for them; who gets them says the protection of the corp. */
export const newDeviceFeature = feature<SubmitNeeds>()({
  name: 'new-device',
  work: handleNewDevices,
})
