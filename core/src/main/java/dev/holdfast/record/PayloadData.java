package dev.holdfast.record;

/** The content of a payload: text stays text and bytes stay bytes, whatever the encoding says. */
public sealed interface PayloadData permits Text, Bytes {}
