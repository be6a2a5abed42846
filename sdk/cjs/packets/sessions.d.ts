import type { Input, Operation } from '../operation.js';
import { type Shared } from '../shared.js';
import type { PacketOptions } from './device.js';
import { type PacketSession } from './packet.js';
type CallInClear = (operation: Operation, input: Input) => Promise<unknown>;
/** One device and one session for all calls of a client: registered and opened with the first of them. */
export declare function createSessions(options: PacketOptions, call: CallInClear): Shared<PacketSession>;
export {};
