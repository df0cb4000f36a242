/** Everything screens need of scanning. */

export { useAwake } from "./awake";
export { browserOf } from "./denied";
export { camera } from "./browser-camera";
export type { CameraState } from "./camera";
export { decode, decoder, DecoderUnavailable } from "./decoder";
export { setSound, signalTone, soundOn, unlockSound } from "./feedback";
export { ManualEntry, type ManualEntryProps } from "./manual";
export { listenToPaste } from "./paste";
export { PhotoUnreadable, readPhoto } from "./photo";
export { isMatrix, type Point, type Quad, type RawScan, scanKey, type ScanSource, type ScanTone } from "./scan";
export { Scanner, type ScannerProps } from "./scanner";
export { provesItself } from "./structure";
export { handScanner, listen, setHandScannerOnly } from "./wedge";
