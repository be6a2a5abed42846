export type Device = {
  deviceId: string
  /** Base64. Anyone who has it can send packets in the name of this device. */
  masterKey: string
}

/**
 * Every new device counts among the 10,000 of a developer, so that what restarts often should keep its own: store what `onDevice` is
 * given, as safely as devSecret, and pass it as `device` from then on.
 */
export type PacketOptions = {
  /** A device that was registered before; without it a new one is registered with the first call. */
  device?: Device | undefined
  /** Called with a device that was just registered, before it is used. */
  onDevice?: ((device: Device) => void | Promise<void>) | undefined
}
