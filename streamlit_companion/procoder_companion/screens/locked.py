"""What somebody sees who opened the page without its secret."""

import streamlit as st

with st.container(width=460):
    st.markdown("### This page is somebody's own")
    st.markdown("Open it by the address that `procoder companion` printed: it carries a key.")
