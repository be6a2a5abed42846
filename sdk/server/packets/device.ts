export type Device = {
  deviceId: string
  /** Base64 的主密钥；持有它就能以这个设备的名义发送报文。· Master key in Base64. Its holder can send packets in the name of this device. */
  masterKey: string
}

/**
 * 一个开发者最多 10,000 个设备，所以请保存 `onDevice` 给出的设备（与 devSecret 同样安全），以后用 `device` 传入。
 *
 * A developer has at most 10,000 devices. Store what `onDevice` is given, as safely as devSecret, and pass it as `device` from then on.
 */
export type PacketOptions = {
  /** 已登记的设备；不填则在第一次调用时登记新设备。· A device that was registered before; default: a new one is registered with the first call. */
  device?: Device | undefined
  /** 新设备登记之后、使用之前调用。· Called with a device that was just registered, before it is used. */
  onDevice?: ((device: Device) => void | Promise<void>) | undefined
}
