/** The values JSON can hold, as types. */

export type Json = string | number | boolean | null | Json[] | JsonObject;

/** `undefined` members are allowed while an object is built: `JSON.stringify` leaves them out. */
export interface JsonObject {
  [key: string]: Json | undefined;
}
