from benchmarks.rows.cuda import placement_in


def node(name, operator, provider, category="Node"):
    return {"name": name, "cat": category, "args": {"op_name": operator, "provider": provider}}


def test_the_profile_tells_where_nodes_ran_and_what_was_copied():
    events = [
        node("a_kernel_time", "Conv", "CUDAExecutionProvider"),
        node("a_kernel_time", "Conv", "CUDAExecutionProvider"),
        node("b_kernel_time", "MemcpyToHost", "CUDAExecutionProvider"),
        node("c_kernel_time", "LSTM", "CUDAExecutionProvider"),
        node("d_kernel_time", "STFT", "CPUExecutionProvider"),
        node("session", "", "CPUExecutionProvider", category="Session"),
        {"name": "a_fence_before", "cat": "Node", "args": {"op_name": "Conv"}},
    ]
    assert placement_in(events) == (0.75, 1)
